/** A folder with processes in it, which all end together. */
package dev.skep.cluster.site;
