import Oracles
import Testing

/// dlrun reports every mistake of a file in one run.
///
/// A mistake in one section does not hide mistakes in another, and causes no further messages.
@Suite struct AllMistakesTests {
  /// Returns the output of `dlrun check` for a file.
  private func refusal(
    _ text: String, _ overrides: [String] = [], files: [String: String] = [:]
  ) throws -> String {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.yaml")
    for (name, content) in files { try folder.write(content, to: name) }
    let result = try Program.run(
      ["check", "a.yaml"] + overrides.flatMap { ["--set", $0] }, in: folder)
    #expect(result.exitCode == (result.errors.isEmpty ? 0 : 1))
    return result.errors
  }

  @Test func reportsWiringBesidesTheSolver() throws {
    #expect(
      try refusal(
        """
        data: {train: {source: spiral}}
        network:
          - {name: ip1, type: Linear, num_output: 3, bottom: dta}
          - {name: ip2, type: Linear, num_output: 2, bottom: data}
          - {name: loss, type: SoftmaxWithLoss}
        solver: {base_lr: fast, max_epochs: 1}
        """) == """
          a.yaml:3:54: error: layer 'ip1' (Linear): bottom 'dta' is not made by any layer; did \
          you mean 'data'?
              3 |   - {name: ip1, type: Linear, num_output: 3, bottom: dta}
                |                                                      ^
          a.yaml:5:5: error: layer 'loss' (SoftmaxWithLoss): 2 scores for 3 classes; received data \
          32x2 → ip2 32x2
              5 |   - {name: loss, type: SoftmaxWithLoss}
                |     ^
          a.yaml:6:19: error: base_lr: expected a number from 0 to 1000000, received 'fast'
              6 | solver: {base_lr: fast, max_epochs: 1}
                |                   ^

          """)
  }

  /// Without data, dlrun checks names but not shapes.
  @Test func reportsNamesBesidesTheData() throws {
    #expect(
      try refusal(
        """
        variables: {noise: $(1 / 0)}
        data: {train: {source: spiral, noise: $(noise), bach_size: 4}}
        network:
          - {name: ip1, type: Linear, num_output: 3, bottom: dta}
          - {name: relu, type: ReLU, bottom: relu}
        solver: {base_lr: 0.1, max_epochs: 1}
        """) == """
          a.yaml:1:24: error: '/': division of 1 by zero
              1 | variables: {noise: $(1 / 0)}
                |                        ^
          a.yaml:2:49: error: train data: unknown field 'bach_size'; did you mean 'batch_size'?
              2 | data: {train: {source: spiral, noise: $(noise), bach_size: 4}}
                |                                                 ^
          a.yaml:4:5: error: network: no loss in the train phase: expected a layer such as \
          SoftmaxWithLoss or EuclideanLoss, or a loss_weight
              4 |   - {name: ip1, type: Linear, num_output: 3, bottom: dta}
                |     ^
          a.yaml:4:54: error: layer 'ip1' (Linear): bottom 'dta' is not made by any layer; did \
          you mean 'data'?
              4 |   - {name: ip1, type: Linear, num_output: 3, bottom: dta}
                |                                                      ^
          a.yaml:5:38: error: layer 'relu' (ReLU): reads its own top 'relu', which no earlier \
          layer makes: a network has no cycles
              5 |   - {name: relu, type: ReLU, bottom: relu}
                |                                      ^

          """)
  }

  /// dlrun skips layers with unknown shapes and the layers that depend on them. It checks the
  /// others.
  @Test func skipsConsequencesOfAWrongLayer() throws {
    #expect(
      try refusal(
        """
        data: {train: {source: spiral}}
        network:
          - {name: ip1, type: Linear, num_output: 0}
          - {name: odd, type: Lineer, num_output: 3, bottom: ip1}
          - {name: wide, type: Linear, num_output: 4, bottom: data}
          - {name: deep, type: Convolution, num_output: 4, kernel_size: 3, bottom: wide}
          - {name: loss, type: SoftmaxWithLoss, bottom: [odd, labl]}
        solver: {base_lr: 0.1, max_epochs: 1}
        """) == """
          a.yaml:3:43: error: num_output: expected an integer from 1 to 2147483647, received '0'
              3 |   - {name: ip1, type: Linear, num_output: 0}
                |                                           ^
          a.yaml:4:23: error: unknown layer type 'Lineer' ('dlrun help-layer' lists them); did you \
          mean 'Linear'?
              4 |   - {name: odd, type: Lineer, num_output: 3, bottom: ip1}
                |                       ^
          a.yaml:6:5: error: layer 'deep' (Convolution): expected [N, C, …] with 1 to 3 spatial \
          axes after the channels; received data 32x2 → wide 32x4
              6 |   - {name: deep, type: Convolution, num_output: 4, kernel_size: …
                |     ^
          a.yaml:7:55: error: layer 'loss' (SoftmaxWithLoss): bottom 'labl' is not made by any \
          layer; did you mean 'label'?
              7 |   - {name: loss, type: SoftmaxWithLoss, bottom: [odd, labl]}
                |                                                       ^

          """)
  }

  /// An unreadable name may belong to any bottom. dlrun reports a duplicate layer name once.
  @Test func reportsEachMistakeOnce() throws {
    #expect(
      try refusal(
        """
        variables: {first: '${firts}', sizes: [1, 2], wide: $(first)8}
        data: {train: {source: csv, file: "${first}/x.csv", target: y}}
        network:
          - {name: "${first}", type: Linear, num_output: "${sizes}"}
          - {name: ip1, type: Linear, num_output: $(wide), bottom: hidden}
          - {name: ip1, type: Linear, num_output: 3}
          - {name: loss, type: SoftmaxWithLoss}
        solver: {base_lr: 0.1, max_epochs: "${first}"}
        """) == """
          a.yaml:1:20: error: undefined variable 'firts'; did you mean 'first'?
              1 | variables: {first: '${firts}', sizes: [1, 2], wide: $(first)8}
                |                    ^
          a.yaml:1:32: error: variables: expected a name of letters, digits and _ with a single \
          value, received 'sizes': a list of 2
              1 | variables: {first: '${firts}', sizes: [1, 2], wide: $(first)8}
                |                                ^
          a.yaml:6:5: error: duplicate layer name 'ip1'
              6 |   - {name: ip1, type: Linear, num_output: 3}
                |     ^
          a.yaml:5:5: note: the first is here
              5 |   - {name: ip1, type: Linear, num_output: $(wide), bottom: hidde…
                |     ^

          """)
  }

  /// The message about a missing file comes after the mistakes of the model.
  @Test func reportsAMissingFileBesidesOtherMistakes() throws {
    let text = """
      data:
        train: {source: csv, file: absent.csv, target: y}
      network:
        - {name: ip1, type: Linear, num_output: 3, bottom: dta}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_epochs: 1}
      """
    #expect(
      try refusal(text) == """
        a.yaml:2:30: error: absent.csv: expected a readable file: No such file or directory
            2 |   train: {source: csv, file: absent.csv, target: y}
              |                              ^
        a.yaml:4:54: error: layer 'ip1' (Linear): bottom 'dta' is not made by any layer; did you \
        mean 'data'?
            4 |   - {name: ip1, type: Linear, num_output: 3, bottom: dta}
              |                                                      ^

        """)
  }

  /// Each part is reported at its field, and an override at its place on the command line.
  @Test func namesTheFieldsOfBothParts() throws {
    let text = """
      data:
        train: {source: idx, images: x, labels: y, rows: [0, 4]}
        test:  {source: idx, images: x, labels: y, shape: [3]}
      network:
        - {name: ip1, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_epochs: 1}
      """
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.yaml")
    // Bytes below 128 are text. The files have two axes of 3 and 2, one axis of 3, and zeros.
    try folder.write("\0\0\u{8}\u{2}\0\0\0\u{3}\0\0\0\u{2}\0\0\0\0\0\0", to: "x")
    try folder.write("\0\0\u{8}\u{1}\0\0\0\u{3}\0\0\0", to: "y")
    let result = try Program.run(
      ["check", "a.yaml", "--set", "data.test.rows=[1, 7]", "--set", "data.train.rows=~"],
      in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        --set:1:16: error: test data: rows: expected at most 3, received [1, 7]
            1 | data.test.rows=[1, 7]
              |                ^

        """)
    let rows = try Program.run(["check", "a.yaml", "--set", "data.test.shape=2"], in: folder)
    #expect(
      rows.errors == """
        a.yaml:2:52: error: train data: rows: expected at most 3, received [0, 4]
            2 |   train: {source: idx, images: x, labels: y, rows: [0, 4]}
              |                                                    ^

        """)
  }

  /// The number of a table's rows is known only after reading it, before the first step.
  @Test func namesTheFieldsThatContradictATable() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data:
        train: {source: csv, file: t.csv, target: kind, rows: [0, 9], classes: 2}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_epochs: 1}
      """, to: "a.yaml")
    try folder.write("x,kind\n1,a\n2,b\n3,a\n4,c\n", to: "t.csv")
    let classes = try Program.run(["train", "a.yaml"], in: folder)
    #expect(classes.exitCode == 1)
    #expect(
      classes.errors == """
        a.yaml:2:74: error: t.csv: row 5, column 'kind': expected one of the 2 classes in the rows \
        above ('a', 'b'), received 'c'
            2 | …rce: csv, file: t.csv, target: kind, rows: [0, 9], classes: 2}
              |                                                              ^
        t.csv:5:3: note: expected one of the 2 classes in the rows above ('a', 'b'), received 'c'
            5 | 4,c
              |   ^

        """)
    let rows = try Program.run(["train", "a.yaml", "--set", "data.train.classes=~"], in: folder)
    #expect(
      rows.errors == """
        a.yaml:2:57: error: train data: rows: expected at most 4, received [0, 9]
            2 |   train: {source: csv, file: t.csv, target: kind, rows: [0, 9], classes: 2}
              |                                                         ^

        """)
  }
}
