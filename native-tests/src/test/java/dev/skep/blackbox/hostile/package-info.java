/**
 * Full disks, cut cables, kills, wrong configuration and floods, against a process of their own.
 */
package dev.skep.blackbox.hostile;
