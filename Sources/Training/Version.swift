internal import Glibc

/// The version of dlrun, which `--version` prints and a run records.
package enum Version {
  package static let dlrun = "0.1.0"

  /// The version of the arithmetic. A change of any result's bits changes it.
  ///
  /// Programs with the same arithmetic compute the same bits on every processor.
  package static let arithmetic = 1
}
