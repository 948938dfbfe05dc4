import Testing

/// Tests the reworded syntax errors of libyaml: the message, the position to correct, the line and
/// the caret.
@Suite struct SyntaxFailureTests {
  @Test(arguments: cases) func isInTheUsersWords(_ text: String, _ rendered: String) {
    #expect(mistakes(in: text) == rendered)
  }

  /// Caffe's prototxt format. The message shows the first lines in YAML, with the first layer that
  /// does not read data.
  @Test(arguments: [
    (
      """
      # A net.
      name: "LeNet"
      layer {
        name: "mnist"
        type: "Data"
        top: "data"
      }
      layer {
        name: "conv1"
        type: "Convolution"
        convolution_param { num_output: 20 }
      }
      """,
      """
      test.yaml:3:1: error: expected YAML, received Caffe's prototxt, where braces follow a name; the \
      first lines would be 'name: LeNet', 'network:', '  - {name: conv1, type: Convolution, …}'
          3 | layer {
            | ^
      """
    ),
    (
      """
        layer { name: "ip" type: "InnerProduct" inner_product_param { num_output: 2 } }
      """,
      """
      test.yaml:1:3: error: expected YAML, received Caffe's prototxt, where braces follow a name; the \
      first lines would be 'network:', '  - {name: ip, type: InnerProduct, …}'
          1 |   layer { name: "ip" type: "InnerProduct" inner_product_param …
            |   ^
      """
    ),
    (
      """
      input: "data"
      layers {
        bottom: "data"
        name: 'conv1'
        type: CONVOLUTION
      }
      """,
      """
      test.yaml:2:1: error: expected YAML, received Caffe's prototxt, where braces follow a name; the \
      first lines would be 'network:', '  - {name: conv1, type: Convolution, num_output: 20, \
      kernel_size: 5}'
          2 | layers {
            | ^
      """
    ),
    (
      """
      player {
      a: 1
      """,
      """
      test.yaml:2:2: error: unexpected ':': a key is not allowed here; put a text with ': ' in quotes, \
      or correct the indentation
          2 | a: 1
            |  ^
      """
    ),
  ])
  func prototxtIsNoYAML(text: String, rendered: String) {
    #expect(mistakes(in: text) == rendered)
  }
}
