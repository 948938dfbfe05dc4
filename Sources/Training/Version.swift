internal import Glibc

/// The version of dlrun, as `--version` prints it and a run records it.
package enum Version {
  package static let dlrun = "0.1.0"
}
