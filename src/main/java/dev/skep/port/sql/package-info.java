/**
 * Transactions over tables: the tree, permissions, people and all that must be atomic with them.
 */
@NullMarked
package dev.skep.port.sql;

import org.jspecify.annotations.NullMarked;
