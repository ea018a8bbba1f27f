/** What a running Skep does when a store is down, as the table of its architecture says it. */
package dev.skep.blackbox.cluster.faults;
