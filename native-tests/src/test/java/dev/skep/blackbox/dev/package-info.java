/** The checkout's own dev mode. */
package dev.skep.blackbox.dev;
