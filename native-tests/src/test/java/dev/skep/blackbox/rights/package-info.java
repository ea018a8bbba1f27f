/** Who may do what, and that it holds under concurrency, seen from outside. */
package dev.skep.blackbox.rights;
