package dev.skep.boot;

import dev.skep.port.Driver;

/** The driver that works for a port. */
record ChosenDriver(Port port, String name, Driver driver) {}
