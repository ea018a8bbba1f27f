/**
 * The whole drive, killed in the middle of all it does: every answer that was given holds
 * afterwards, and nothing is there by half.
 */
package dev.skep.blackbox.crash;
