/** What is measured with: processes of Skep and its peers, connections, clocks, disks. */
package dev.skep.bench.lab;
