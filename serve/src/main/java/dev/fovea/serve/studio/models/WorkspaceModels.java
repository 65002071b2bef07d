package dev.fovea.serve.studio.models;

import dev.fovea.io.Escaped;
import dev.fovea.run.SavedModel;
import dev.fovea.serve.studio.Workspace;
import dev.fovea.task.Tasks;
import dev.fovea.task.generate.Generator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The models of a workspace as the page lists them. */
record WorkspaceModels(Workspace workspace) {

    /** The newest first. */
    List<Map<String, Object>> all() {
        return SavedModel.in(workspace.root()).stream().map(this::view).toList();
    }

    private Map<String, Object> view(SavedModel model) {
        var view = new LinkedHashMap<String, Object>();
        view.put("path", workspace.relative(model.path()));
        view.put("name", model.path().getFileName().toString());
        view.put("kind", model.kind().name().toLowerCase(Locale.ROOT));
        view.put("images", false);
        view.put("generates", false);
        view.put("problem", model.problem());
        model.config().ifPresent(config -> {
            String task = config.task().type();
            view.put("task", task);
            view.put("architecture", config.architecture().text());
            view.put("classes", config.classes().size());
            view.put("metrics", config.metrics());
            try {
                boolean clips = config.preprocess().frames().length() > 1;
                view.put("images", !clips && !Tasks.ALL.of(task).generates());
                view.put("generates", Generator.generates(config));
            } catch (IllegalArgumentException e) { // a task of another version
                view.put("problem", Escaped.line(e.getMessage()));
            }
        });
        return view;
    }
}
