internal import Fields
package import YAML

/// The bits of an image's samples.
package enum ImageDepth: String, FieldChoice {
  /// 0 … 255.
  case eight = "8"
  /// 0 … 65535.
  case sixteen = "16"

  package var encoded: Node { .plain(rawValue) }
}
