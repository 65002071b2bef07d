package dev.fovea.data;

import java.util.ArrayList;
import java.util.Arrays;
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
 * @param labels of each line the class, {@link Target#IGNORED} of one that names pixels without a label
 */
record MaskClasses(List<String> names, Map<Integer, Integer> colours, List<Integer> labels) {

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

    private static final Pattern NUMBERED = Pattern.compile(NUMBER + "[,:\\t]\\s*([^,]*\\D[^,]*)");

    /** Cells of a heading. */
    private static final Set<String> HEADING = Set.of(
            "name",
            "names",
            "class",
            "classes",
            "class_name",
            "label",
            "labels",
            "id",
            "index",
            "number",
            "r",
            "g",
            "b",
            "red",
            "green",
            "blue",
            "color",
            "colour",
            "rgb");

    private static final int MOST = Target.IGNORED;

    /** The class file that lies nearest to the top. */
    static Optional<TreeFile> file(List<TreeFile> files) {
        return files.stream()
                .filter(file -> FILES.contains(file.fileName().toLowerCase(Locale.ROOT)))
                .min((a, b) -> Integer.compare(a.path().size(), b.path().size()));
    }

    /** @throws DataException if it names no class, one twice, too many, or some with a colour and some without */
    static MaskClasses of(TreeFile file, List<String> notes) {
        List<String> lines =
                withoutHeading(CsvTable.decoded(file.name(), file.bytes().get(), notes)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList());
        boolean numbered = !lines.isEmpty()
                && lines.stream().allMatch(line -> NUMBERED.matcher(line).matches());
        var names = new ArrayList<String>();
        var labels = new ArrayList<Integer>();
        var colours = new LinkedHashMap<Integer, Integer>();
        var seen = new HashSet<String>();
        int coloured = 0;
        for (int i = 0; i < lines.size(); i++) {
            Optional<Coloured> entry = numbered ? Optional.empty() : Coloured.of(lines.get(i));
            String name = entry.map(Coloured::name).orElse(lines.get(i));
            if (numbered) {
                name = inPlace(file, NUMBERED.matcher(name), i);
            }
            coloured += entry.isPresent() ? 1 : 0;
            if (!seen.add(name)) {
                throw new DataException(
                        "%s: has the class '%s' twice. Expected each once".formatted(file.name(), name));
            }
            labels.add(NOTHING.contains(name.toLowerCase(Locale.ROOT)) ? Target.IGNORED : names.size());
            if (labels.get(i) != Target.IGNORED) {
                names.add(name);
            }
            if (entry.isPresent() && colours.put(entry.get().colour(), labels.get(i)) != null) {
                throw new DataException(
                        "%s: the colour of the class '%s' is that of another, too. Expected one of its own"
                                .formatted(file.name(), name));
            }
        }
        check(file, names, coloured, seen.size());
        return new MaskClasses(List.copyOf(names), Map.copyOf(colours), List.copyOf(labels));
    }

    private static List<String> withoutHeading(List<String> lines) {
        boolean heading = lines.size() > 1
                && Arrays.stream(lines.get(0).split("[,;\\t]"))
                        .allMatch(cell -> HEADING.contains(cell.strip().toLowerCase(Locale.ROOT)));
        return heading ? lines.subList(1, lines.size()) : lines;
    }

    /** The name behind a number, which is to be that of its line. */
    private static String inPlace(TreeFile file, Matcher line, int place) {
        if (line.matches() && Integer.parseInt(line.group(1)) == place) {
            return line.group(2).strip();
        }
        throw new DataException("%s: the number %s where %s is due. Expected the classes in order, from 0"
                .formatted(file.name(), line.group(1), place));
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
