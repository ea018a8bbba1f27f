/** MariaDB and MySQL through the reactive client, awaited by the caller's own thread. */
@NullMarked
package dev.skep.port.sql.mysql;

import org.jspecify.annotations.NullMarked;
