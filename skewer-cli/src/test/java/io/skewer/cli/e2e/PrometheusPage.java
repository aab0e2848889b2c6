package io.skewer.cli.e2e;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks a page against the rules of the text exposition format 0.0.4 of Prometheus. */
final class PrometheusPage {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") \\S.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge)");
    private static final Pattern SAMPLE = Pattern.compile(
            "(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*\\})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");

    private PrometheusPage() {}

    /** What is wrong with a page; empty when nothing is. */
    static List<String> faults(String page) {
        List<String> faults = new ArrayList<>();
        Set<String> families = new HashSet<>();
        Set<String> series = new HashSet<>();
        String helped = "";
        String typed = "";
        if (!page.endsWith("\n")) {
            faults.add("the last line does not end");
        }
        for (String line : page.lines().toList()) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                helped = help.group(1);
                if (!families.add(helped)) {
                    faults.add("a second family: " + line);
                }
            } else if (type.matches()) {
                typed = type.group(1);
                if (!typed.equals(helped)) {
                    faults.add("a type without help: " + line);
                }
            } else if (!sample.matches()) {
                faults.add("not understood: " + line);
            } else if (!sample.group(1).equals(typed)) {
                faults.add("outside of its family: " + line);
            } else if (!series.add(sample.group(1) + sample.group(2))) {
                faults.add("twice: " + line);
            }
        }
        return faults;
    }
}
