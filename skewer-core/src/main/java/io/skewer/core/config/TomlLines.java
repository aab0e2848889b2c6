package io.skewer.core.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds the lines on which sections and keys stand; the TOML library does not tell. It reads headers and key names only, which is
 * enough for the files that people write; where it cannot tell, it says 0.
 */
final class TomlLines {
    private final Map<Place, Integer> lines = new HashMap<>();

    TomlLines(String text) {
        Map<String, Integer> counts = new HashMap<>();
        Place section = Place.ROOT;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[[") && line.indexOf("]]") > 0) {
                String name = line.substring(2, line.indexOf("]]")).strip();
                section = new Place(name, counts.merge(name, 1, Integer::sum) - 1, "");
                lines.putIfAbsent(section, number);
                lines.putIfAbsent(new Place(name, -1, ""), number);
            } else if (line.startsWith("[") && line.indexOf(']') > 0) {
                section = new Place(line.substring(1, line.indexOf(']')).strip(), -1, "");
                lines.putIfAbsent(section, number);
            } else if (line.indexOf('=') > 0 && line.charAt(0) != '#') {
                lines.putIfAbsent(
                        section.key(line.substring(0, line.indexOf('=')).strip()), number);
            }
        }
    }

    /**
     * The line of the key, also when the brackets of its section are wrong, else of its section, else of a key with the name of the section,
     * else 0.
     */
    int of(Place place) {
        Place otherBrackets = new Place(place.section(), place.index() < 0 ? 0 : -1, place.key());
        for (Place near : new Place[] {place, otherBrackets, place.key(""), Place.ROOT.key(place.section())}) {
            Integer line = lines.get(near);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }
}
