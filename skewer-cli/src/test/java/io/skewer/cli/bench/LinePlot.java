package io.skewer.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A small plot as SVG, readable on light and dark pages: points at equal distances, named on the x axis; y begins at 0.
 *
 * @param lines by their name; all have the same points of x
 */
record LinePlot(String title, Map<String, List<Point>> lines) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int LEFT = 44;
    private static final int RIGHT = 150;
    private static final int TOP = 34;
    private static final int BOTTOM = 30;
    private static final int TICKS = 4;
    private static final List<String> COLOURS = List.of("#2f7ed8", "#d9822b", "#3d9140");

    /** @param x a name */
    record Point(String x, double y) {}

    String svg() {
        double top = roundUp(lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::y)
                .max()
                .orElse(1));
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">
                <style>text{fill:#333}.grid{stroke:#8884}@media (prefers-color-scheme:dark){text{fill:#ccc}}</style>
                <text x="%d" y="18" font-size="13">%s</text>
                """, WIDTH, HEIGHT, LEFT, title));
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = top * tick / TICKS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT,
                    y(value, top),
                    WIDTH - RIGHT,
                    LEFT - 6,
                    y(value, top) + 4,
                    number(value)));
        }
        int index = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            if (index == 0) {
                names(svg, line.getValue());
            }
            draw(svg, line.getKey(), line.getValue(), top, index);
            index++;
        }
        return svg.append("</svg>\n").toString();
    }

    private static void names(StringBuilder svg, List<Point> points) {
        for (int i = 0; i < points.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x(i, points.size()),
                    HEIGHT - BOTTOM + 18,
                    points.get(i).x()));
        }
    }

    private static void draw(StringBuilder svg, String name, List<Point> points, double top, int index) {
        String colour = COLOURS.get(index % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            double x = x(i, points.size());
            double y = y(points.get(i).y(), top);
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x, y));
            svg.append(String.format(
                    Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, colour));
        }
        int legendY = TOP + 10 + 18 * index;
        svg.append(String.format(
                Locale.ROOT,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n<path d=\"M%d %dh16\" stroke=\"%s\" stroke-width=\"2\"/>"
                        + "<text x=\"%d\" y=\"%d\">%s</text>%n",
                path,
                colour,
                WIDTH - RIGHT + 10,
                legendY - 4,
                colour,
                WIDTH - RIGHT + 32,
                legendY,
                name));
    }

    private static double x(int index, int count) {
        double room = WIDTH - LEFT - RIGHT - 40.0;
        return LEFT + 20 + (count == 1 ? room / 2 : room * index / (count - 1));
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    /** To 1, 2, 4, 6 or 8 times a power of ten. */
    private static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 4, 6, 8}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }
}
