/** The README taken at its word. */
package dev.skep.blackbox.tour;
