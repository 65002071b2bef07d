"""Has ONNX's own checker look at exported files: python3 check.py FILE.onnx ...

Needs python3-onnx (apt-get install python3-onnx). Shapes are inferred strictly, so that a node whose inputs do not fit is
found, and what the file says of its outputs is compared with what is inferred. Files of newer operators than the
checker knows are left out, and counted.
"""
import sys

import onnx

NEWEST = onnx.defs.onnx_opset_version()


def sizes(value):
    return [d.dim_value if d.HasField("dim_value") else None for d in value.type.tensor_type.shape.dim]


checked = newer = 0
for path in sys.argv[1:]:
    model = onnx.load(path)
    if model.opset_import[0].version > NEWEST:
        newer += 1
        continue
    onnx.checker.check_model(model, full_check=True)
    said = {output.name: sizes(output) for output in model.graph.output}
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    for output in bare.graph.output:
        output.type.tensor_type.ClearField("shape")
    inferred = onnx.shape_inference.infer_shapes(bare, strict_mode=True, data_prop=True)
    for output in inferred.graph.output:
        if not output.type.tensor_type.HasField("shape"):
            continue
        found = sizes(output)
        wrong = len(found) != len(said[output.name]) or any(
            a is not None and b is not None and a != b for a, b in zip(found, said[output.name]))
        if wrong:
            sys.exit(f"{path}: {output.name} is said to be {said[output.name]}, inferred {found}")
    checked += 1
print(f"onnx {onnx.__version__}: {checked} files checked, {newer} of newer operators left out")
