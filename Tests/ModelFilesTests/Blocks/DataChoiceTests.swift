import DataSources
import ModelFiles
import ModelOracles
import Oracles
import Testing
import YAML

@Suite("Choices of a part of the data")
struct DataChoiceTests {
  /// A model with a variable that selects the source of the training part.
  private func text(_ choices: [String], data: String = "''") -> String {
    """
    variables: {data: \(data)}
    data:
      train:

    """ + choices.map { "    - {\($0)}\n" }.joined() + """
        test: [{source: spiral, points_per_class: 7}]
      network:
        - {name: ip, type: Linear, num_output: 3}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_epochs: 1}
      """
  }

  private static let choices = [
    "when: $(data == ''), source: spiral, points_per_class: 5",
    "when: $(data != ''), source: csv, file: \"${data}/t.csv\", target: label",
  ]

  @Test("select the choice whose 'when' is true, and remove its 'when'")
  func chosen() throws {
    let generated = try model(text(DataChoiceTests.choices))
    #expect(generated.data.train.source is Spiral)
    #expect(generated.data.test?.source is Spiral)
    let read = try model(text(DataChoiceTests.choices), overrides: ["variables.data=/srv"])
    #expect((read.data.train.source as? CSV)?.file == "/srv/t.csv")
    let resolved = read.resolved().yaml
    #expect(!resolved.contains("when"))
    #expect(try model(resolved).resolved().yaml == resolved)
  }

  @Test("select the choice without 'when'")
  func single() throws {
    #expect(try model(text(["source: spiral"])).data.train.source is Spiral)
    #expect(try model(text(["when: ~, source: spiral"])).data.train.source is Spiral)
  }

  @Test("report mistakes only in the selected choice, at their places")
  func mistakesInside() {
    let rendered = mistakes(
      in: text(["when: true, source: spiral, nose: 1", "when: false, source: nothing, x: 1"]))
    #expect(
      rendered == """
        model.yaml:4:36: error: train data: unknown field 'nose'; did you mean 'noise'?
            4 |     - {when: true, source: spiral, nose: 1}
              |                                    ^
        """)
  }

  @Test("are refused if none or more than one is left")
  func counts() {
    let none = mistakes(
      in: text(["when: false, source: spiral", "when: $(data == 'x'), source: moons"]))
    #expect(
      none == """
        model.yaml:4:5: error: train data: expected one choice whose when is true, received none
            4 |     - {when: false, source: spiral}
              |     ^
        """)
    let both = mistakes(in: text(["source: spiral", "when: true, source: moons"]))
    #expect(
      both == """
        model.yaml:4:5: error: train data: expected one choice whose when is true, received 2
            4 |     - {source: spiral}
              |     ^
        model.yaml:5:7: note: the second is here
            5 |     - {when: true, source: moons}
              |       ^
        """)
    #expect(
      headlines(in: text([]).replacing("train:\n", with: "train: []\n")) == [
        "model.yaml:3:10: error: train data: expected one choice whose when is true, received none"
      ])
  }

  @Test("need a 'when' that is true or false")
  func when() {
    let rendered = mistakes(in: text(["when: maybe, source: spiral"]))
    #expect(
      rendered == """
        model.yaml:4:14: error: train data: when: expected true or false, received 'maybe'
            4 |     - {when: maybe, source: spiral}
              |              ^
        """)
    // A failed computation is reported once.
    #expect(
      headlines(in: text(["when: $(date == ''), source: spiral"])) == [
        "model.yaml:4:16: error: unknown name 'date' in '$(…)'; did you mean 'data'?"
      ])
  }
}
