/**
 * The ports: one folder each, the contract at its root and a sub-folder per driver; here, what all
 * drivers share.
 */
@NullMarked
package dev.skep.port;

import org.jspecify.annotations.NullMarked;
