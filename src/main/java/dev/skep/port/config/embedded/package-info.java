/** Settings in one JSON file of the data folder. */
@NullMarked
package dev.skep.port.config.embedded;

import org.jspecify.annotations.NullMarked;
