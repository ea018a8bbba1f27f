/** The program behind {@code ./skep cluster}: its options, the balancer and the demonstration. */
package dev.skep.cluster;
