/** Uploads a folder, kills a replica in the middle, downloads all and counts what is lost. */
package dev.skep.cluster.demo;
