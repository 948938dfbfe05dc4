import DataFiles
import DataSources
import Tensors
import Testing

@Suite struct DatasetTests {
  @Test func tableWithoutTargetsIsReadForPrediction() throws {
    let data = try unlabelled("id,b,note,a\n7,1,x,2\n8,3,,4\n", ["a", "b"])
    #expect(data.count == 2)
    #expect(data.inputValues == [2, 1, 4, 3])
    #expect(data.inputNames == ["a", "b"])
    #expect(data.inputTop.shape == Shape([2]))
    #expect(data.targets.isEmpty)
  }

  @Test func whatPredictionLacksIsNamed() throws {
    func refusal(_ inputs: [String]) -> DataFailure? {
      failure { () throws(DataFailure) in
        try unlabelled("petal_length,note\n1,x\n,y\n", inputs)
      }
    }
    #expect(
      refusal(["petal_lenght"])
        == .content(
          "t.csv: row 1: expected a column 'petal_lenght', received 'petal_length', 'note'; "
            + "did you mean 'petal_length'?"))
    #expect(
      refusal(["petal_length"])?.message
        == "t.csv: row 3, column 'petal_length': expected a number, received an empty cell")
    #expect(
      refusal(["note", "note"])
        == .content("t.csv: expected every column once, received 'note' twice"))
    #expect(refusal([]) == .content("t.csv: expected at least one input column, received none"))
  }

  @Test func shapeIsAnotherViewOfTheSameMemory() throws {
    let data = try dataset("a,b,c,d,y\n1,2,3,4,u\n5,6,7,8,v\n")
    let square = data.reshaped(to: Shape([1, 2, 2]))
    #expect(square.inputTop.shape == Shape([1, 2, 2]))
    #expect(try square.inputs[0].storage.floats() === data.inputs[0].storage.floats())
    #expect(try square.targets[0].storage.floats() === data.targets[0].storage.floats())
    #expect(square.classes == data.classes)
    #expect(square.inputNames == ["a", "b", "c", "d"])
  }

  @Test func sizeIsThatOfInputsAndTargets() throws {
    #expect(try dataset("a,b,y\n1,2,u\n3,4,v\n").byteCount == 24)
  }
}
