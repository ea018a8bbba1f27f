/**
 * The operations of the drivers of servers beside the bare clients of the same libraries; compiled
 * and run against the built application.
 */
package dev.skep.bench.ports;
