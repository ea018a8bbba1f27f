/** The program behind {@code ./skep bench}: its options, its table and its JSON. */
package dev.skep.bench;
