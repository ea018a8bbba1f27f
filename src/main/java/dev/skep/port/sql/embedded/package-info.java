/** SQLite in the data folder: one writer thread with group commit, a few readers. */
@NullMarked
package dev.skep.port.sql.embedded;

import org.jspecify.annotations.NullMarked;
