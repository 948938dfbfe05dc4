/// The kinds of files that are not regular files.
package enum FileKind: String, Sendable {
  case folder = "a folder"
  case pipe = "a pipe"
  case socket = "a socket"
  case device = "a device"
}
