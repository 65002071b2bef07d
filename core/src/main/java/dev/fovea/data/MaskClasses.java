package dev.fovea.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class file says: names line by line, perhaps with a colour each.
 *
 * @param names of the classes, in the order of their numbers
 * @param colours of each class, red, green and blue as one number; also of what is not labelled, as {@link Target#IGNORED}; none
 *     where the file has only names
 * @param unlabelled the number of a line that names pixels without a label, or -1
 */
record MaskClasses(List<String> names, Map<Integer, Integer> colours, int unlabelled) {

    /** What people call such a file. */
    private static final Set<String> FILES = Set.of(
            "classes.txt",
            "classes.csv",
            "class_names.txt",
            "class_dict.csv",
            "labels.txt",
            "label_colors.txt",
            "label_colours.txt",
            "labelmap.txt",
            "codes.txt");

    private static final Set<String> NOTHING =
            Set.of("void", "unlabelled", "unlabeled", "ignore", "ignored", "unknown");

    private static final String NUMBER = "\\s*(\\d{1,3})\\s*";
    private static final Pattern COLOUR_FIRST =
            Pattern.compile(NUMBER + "[\\s,]" + NUMBER + "[\\s,]" + NUMBER + "[\\s,](.+)");
    private static final Pattern NAME_FIRST =
            Pattern.compile("(.+?)[,:\\t]" + NUMBER + "," + NUMBER + "," + NUMBER + ":*");

    private static final int MOST = Target.IGNORED;

    /** The class file that lies nearest to the top. */
    static Optional<TreeFile> file(List<TreeFile> files) {
        return files.stream()
                .filter(file -> FILES.contains(file.fileName().toLowerCase(Locale.ROOT)))
                .min((a, b) -> Integer.compare(a.path().size(), b.path().size()));
    }

    /** @throws DataException if it names no class, one twice, too many, or some with a colour and some without */
    static MaskClasses of(TreeFile file, List<String> notes) {
        List<String> lines = CsvTable.decoded(file.name(), file.bytes().get(), notes)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        var names = new ArrayList<String>();
        var colours = new LinkedHashMap<Integer, Integer>();
        var seen = new HashSet<String>();
        int unlabelled = -1;
        int coloured = 0;
        for (int i = 0; i < lines.size(); i++) {
            Optional<Coloured> entry = Coloured.of(lines.get(i));
            if (i == 0
                    && entry.isEmpty()
                    && lines.size() > 1
                    && Coloured.of(lines.get(1)).isPresent()) {
                continue; // a heading
            }
            String name = entry.map(Coloured::name).orElse(lines.get(i));
            coloured += entry.isPresent() ? 1 : 0;
            if (!seen.add(name)) {
                throw new DataException(
                        "%s: has the class '%s' twice. Expected each once".formatted(file.name(), name));
            }
            boolean nothing = NOTHING.contains(name.toLowerCase(Locale.ROOT));
            int label = nothing ? Target.IGNORED : names.size();
            if (nothing) {
                unlabelled = names.size();
            } else {
                names.add(name);
            }
            entry.ifPresent(one -> {
                if (colours.put(one.colour(), label) != null) {
                    throw new DataException(
                            "%s: the colour of the class '%s' is that of another, too. Expected one of its own"
                                    .formatted(file.name(), name));
                }
            });
        }
        check(file, names, coloured, seen.size());
        boolean last = unlabelled == names.size(); // elsewhere the numbers behind it would not be those of the names
        if (unlabelled >= 0 && !last && colours.isEmpty()) {
            throw new DataException(
                    "%s: pixels without a label have a name between those of classes. Write it last, or take it out and write these pixels as 255"
                            .formatted(file.name()));
        }
        return new MaskClasses(List.copyOf(names), Map.copyOf(colours), last ? unlabelled : -1);
    }

    private static void check(TreeFile file, List<String> names, int coloured, int all) {
        if (names.isEmpty() || names.size() > MOST) {
            throw new DataException("%s: names %s classes. Expected 1 to %s, one a line, as car or as car,64,0,128"
                    .formatted(file.name(), names.size(), MOST));
        }
        if (coloured != 0 && coloured != all) {
            throw new DataException(
                    "%s: %s of %s classes have a colour. Expected one for each, as car,64,0,128, or none"
                            .formatted(file.name(), coloured, all));
        }
    }

    /** A line that says a colour. */
    private record Coloured(String name, int colour) {

        static Optional<Coloured> of(String line) {
            Matcher first = COLOUR_FIRST.matcher(line);
            if (first.matches()) {
                return of(first.group(4), first.group(1), first.group(2), first.group(3));
            }
            Matcher last = NAME_FIRST.matcher(line);
            return last.matches() ? of(last.group(1), last.group(2), last.group(3), last.group(4)) : Optional.empty();
        }

        private static Optional<Coloured> of(String name, String red, String green, String blue) {
            int colour = Integer.parseInt(red) << 16 | Integer.parseInt(green) << 8 | Integer.parseInt(blue);
            boolean possible =
                    Integer.parseInt(red) < 256 && Integer.parseInt(green) < 256 && Integer.parseInt(blue) < 256;
            return possible ? Optional.of(new Coloured(name.strip(), colour)) : Optional.empty();
        }
    }
}
