package io.skewer.core.config;

import java.util.OptionalLong;

/** Numbers of bytes as operators write them: {@code 64MiB}, {@code 1GB}. Units: B, KiB, MiB, GiB, and KB, MB, GB of a thousand. */
final class Sizes {
    private Sizes() {}

    static OptionalLong parseBytes(String text) {
        int unitStart = 0;
        while (unitStart < text.length() && text.charAt(unitStart) >= '0' && text.charAt(unitStart) <= '9') {
            unitStart++;
        }
        long unitBytes = switch (text.substring(unitStart).strip()) {
            case "B" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "KB" -> 1000;
            case "MB" -> 1_000_000;
            case "GB" -> 1_000_000_000;
            default -> 0;
        };
        if (unitBytes == 0 || unitStart == 0 || unitStart > 18) {
            return OptionalLong.empty();
        }
        long amount = Long.parseLong(text.substring(0, unitStart));
        return amount > Long.MAX_VALUE / unitBytes ? OptionalLong.empty() : OptionalLong.of(amount * unitBytes);
    }
}
