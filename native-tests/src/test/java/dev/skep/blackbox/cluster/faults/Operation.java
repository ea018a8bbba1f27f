package dev.skep.blackbox.cluster.faults;

/** What people do with a drive; {@link Work} knows how. */
enum Operation {
  LIST(200),
  LOOK_UP(200),
  MAKE_FOLDER(201),
  /** Kept with the tree. */
  UPLOAD_SMALL(201),
  DOWNLOAD_SMALL(200),
  UPLOAD(201),
  DOWNLOAD(200),
  LOG_IN(201),
  READ_SETTINGS(200),
  CHANGE_SETTING(200),
  SEE_CLUSTER(200);

  private final int status;

  Operation(int status) {
    this.status = status;
  }

  /** The status of success. */
  int status() {
    return status;
  }
}
