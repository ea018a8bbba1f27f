/** One class a row of the table: what is done to Skep and to its peer, and what of it counts. */
package dev.skep.bench.row;
