package io.skewer.core.config;

import com.moandjiezana.toml.Toml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The only place that knows the TOML library: text to tree, or what is wrong with the text. */
final class TomlText {
    /** Deeper than any configuration; the library calls itself for each level. */
    private static final int MAX_BRACKET_DEPTH = 32;

    private static final String DUPLICATE_SECTION = "Duplicate table definition";

    /**
     * How the library's complaints begin, and what we say. The rest of a complaint quotes the file, which may hold a secret, so
     * only the number of the line is taken from it.
     */
    private static final String[][] COMPLAINTS = {
        {DUPLICATE_SECTION, "the section stands twice"},
        {"Key already exists for table", "a key has the name of this section"},
        {"Table already exists for key", "a section has the name of this key"},
        {"Invalid table array definition", "the name in [[ ]] cannot be read"},
        {"Invalid table definition", "the name in [ ] cannot be read"},
        {"Duplicate key", "the key stands twice"},
        {"Invalid text after key", "something follows the value; text needs quotes, a comment needs #"},
        {"Invalid key", "the name of the key cannot be read"},
        {"Invalid value", "the value cannot be read; text needs quotes"},
        {"Key is not followed by", "the key is not followed by = and a value"},
        {"Unterminated value", "the value does not end"},
    };

    private static final Pattern HEADER = Pattern.compile("\\s*\\[\\s*([a-z0-9_]{1,64})\\s*]");

    private static final String ON_LINE = " on line ";

    private TomlText() {}

    /**
     * The tree that the text describes.
     *
     * @throws InvalidConfig when it is not TOML
     */
    static Map<String, Object> parse(String text, String file) throws InvalidConfig {
        int deepLine = lineOfDeepBrackets(text);
        if (deepLine > 0) {
            throw new InvalidConfig(List.of(new Problem(file, deepLine, "", "", "brackets are nested too deeply")));
        }
        int emptyLine = lineWithoutValue(text);
        if (emptyLine > 0) {
            throw new InvalidConfig(List.of(new Problem(file, emptyLine, "", "", "the key has no value")));
        }
        try {
            return new Toml().read(text).toMap();
        } catch (StackOverflowError nested) { // by brackets that the count above took for closed, in a comment
            throw new InvalidConfig(List.of(new Problem(file, 0, "", "", "brackets are nested too deeply")));
        } catch (RuntimeException e) { // the library throws several kinds, none of them its own
            throw new InvalidConfig(complaints(String.valueOf(e.getMessage()), text, file));
        }
    }

    private static List<Problem> complaints(String message, String text, String file) {
        List<Problem> problems = new ArrayList<>();
        for (String line : message.split("\n", Problems.MAX_PROBLEMS + 1)) {
            for (String[] complaint : COMPLAINTS) {
                if (line.startsWith(complaint[0])) {
                    int number = lineNumber(line);
                    problems.add(
                            complaint[0].equals(DUPLICATE_SECTION)
                                    ? duplicateSection(text, number, file)
                                    : new Problem(file, number, "", "", complaint[1]));
                    break;
                }
            }
        }
        return problems.isEmpty() ? List.of(new Problem(file, 0, "", "", "is not TOML")) : problems;
    }

    /** The name is taken from a header that is one: anything else could be a secret. */
    private static Problem duplicateSection(String text, int number, String file) {
        String line = text.lines().skip(Math.max(0, number - 1)).findFirst().orElse("");
        Matcher header = HEADER.matcher(line);
        if (!header.lookingAt()) {
            return new Problem(file, number, "", "", "the section stands twice");
        }
        String name = header.group(1);
        String several = name.endsWith("_source") ? "; write [[" + name + "]] for each" : "";
        return new Problem(file, number, "[" + name + "]", "", "the section stands twice" + several);
    }

    private static int lineNumber(String complaint) {
        int at = complaint.indexOf(ON_LINE);
        int number = 0;
        if (at >= 0) {
            for (at += ON_LINE.length(); at < complaint.length() && number < 100_000_000; at++) {
                char c = complaint.charAt(at);
                if (c < '0' || c > '9') {
                    break;
                }
                number = number * 10 + c - '0';
            }
        }
        return number;
    }

    /** Counts brackets without regard to quotes: a configuration needs few of them anywhere. */
    private static int lineOfDeepBrackets(String text) {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\n' -> line++;
                case '[', '{' -> {
                    depth++;
                    if (depth > MAX_BRACKET_DEPTH) {
                        return line;
                    }
                }
                case ']', '}' -> depth = Math.max(0, depth - 1);
                default -> {}
            }
        }
        return 0;
    }

    /** The library leaves out {@code key = # comment} without a word: a setting that somebody believes in would be lost. */
    private static int lineWithoutValue(String text) {
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            int equals = line.indexOf('=');
            if (equals > 0 && line.charAt(0) != '#') {
                String value = line.substring(equals + 1).stripLeading();
                if (value.isEmpty() || value.charAt(0) == '#') {
                    return number;
                }
            }
        }
        return 0;
    }
}
