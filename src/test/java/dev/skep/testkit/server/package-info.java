/** Real servers as child processes on loopback, and what can happen to them. */
@NullMarked
package dev.skep.testkit.server;

import org.jspecify.annotations.NullMarked;
