/**
 * The one directory of the store, behind two interfaces, so that tests can put a disk behind it that forgets and fails.
 * All rooms of the store enter; nothing else in the store opens, renames or deletes files. Nothing here knows what the bytes mean.
 */
@NullMarked
package io.skewer.store.disk;

import org.jspecify.annotations.NullMarked;
