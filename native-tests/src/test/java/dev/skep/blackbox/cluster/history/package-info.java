/**
 * Random operations of many clients under random faults, recorded as a history, and a checker that
 * says what of it cannot have been: by the rules of Jepsen, for files.
 */
package dev.skep.blackbox.cluster.history;
