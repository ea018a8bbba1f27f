/** Several replicas on real servers, and the faults of both. */
package dev.skep.blackbox.cluster;
