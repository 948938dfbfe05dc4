internal import Glibc

/// The version of dlrun, which `--version` prints and a run records.
package enum Version {
  package static let dlrun = "0.1.0"
}
