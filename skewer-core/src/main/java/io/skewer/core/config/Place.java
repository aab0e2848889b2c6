package io.skewer.core.config;

/**
 * Where a value stands.
 *
 * @param section name of the section, empty for the root
 * @param index from 0 for a section that may stand several times, else -1
 * @param key name of the key, empty for the section itself
 */
record Place(String section, int index, String key) {
    static final Place ROOT = new Place("", -1, "");

    Place key(String name) {
        return new Place(section, index, name);
    }

    /** A section of that name below this place; what lies deeper is named by its path. */
    Place section(String name, int newIndex) {
        return new Place(section.isEmpty() ? name : section + "." + name, newIndex, "");
    }

    String sectionText() {
        if (section.isEmpty()) {
            return "";
        }
        return index < 0 ? "[" + section + "]" : "[[" + section + "]] no. " + (index + 1);
    }
}
