/** Files, folders, their versions, their trash and who may see them. */
package dev.skep.blackbox.files;
