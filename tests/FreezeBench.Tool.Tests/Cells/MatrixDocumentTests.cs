using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Tool.Cells;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

public sealed partial class MatrixDocumentTests
{
    [Fact]
    public void ExampleOfTheReadme_IsRead_AndPlanned()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "src/FreezeBench.Tool/README.md"));
        using var matrix = new MatrixFolder(Example().Match(readme).Groups["text"].Value, "gpus.json");

        // 2 kinds x 3 repeats x 2 workloads x 2 policies, without one workload on one kind; 1; 2 kinds x 2 policies x 3 seeds.
        Assert.Equal(24 - 6 + 1 + 12, matrix.Cells.Count);
        Assert.Equal("gpus", matrix.Document.Name);
        Assert.All(matrix.Cells, cell => Assert.Equal("cuda", cell.Node.Device));
        Assert.Equal(
            ["--backbone", "resnet50", "--precision", "bf16", "--policies", "frozen", "--suites", "epoch", "--device", "cuda"],
            matrix.Cells.Single(cell => cell.ValueOf("network") == "resnet50").Arguments);
        var plan = matrix.Matrix("plan", "--rows", Path.Combine(Repository.Root, "results"));
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("h200: 19 cells", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void YamlAndJson_SayTheSame()
    {
        using var json = new MatrixFolder("""{ "name": "no", "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "resolutions": [32, 64], "options": { "quick": true, "suites": "step" } }], "exclude": [{ "resolution": 64 }] }""");
        using var yaml = new MatrixFolder("""
            name: no        # a word, and not false
            cells:
              - networks: [resnet18]
                policies: [frozen]
                resolutions: [32, "64"]
                options: {quick: true, suites: step}
            exclude:
              - {resolution: 64}
            """, "m.yaml");
        Assert.Equal(json.Cells.Select(cell => (cell.Id, string.Join(' ', cell.Arguments))), yaml.Cells.Select(cell => (cell.Id, string.Join(' ', cell.Arguments))));
        Assert.Equal(json.Document.Name, yaml.Document.Name);
    }

    [Theory]
    [InlineData("""{ "cels": [] }""", "the top: the key 'cels' is unknown. Did you mean 'cells'?")]
    [InlineData("""{ "cells": [{ "policys": ["frozen"] }] }""", "cells[0]: the key 'policys' is unknown. Did you mean 'policies'?")]
    [InlineData("""{ "name": "a", "name": "b" }""", "this is no JSON that means one thing")]
    [InlineData("""{ "name": "\ud800", "cells": [] }""", "m.json, line 1: this is no JSON that means one thing: a text in line 1 has half of a surrogate pair")]
    [InlineData("""{ "\udc00": 1 }""", "half of a surrogate pair")]
    [InlineData("""{ "setup": ["a\ud800b"], "cells": [] }""", "half of a surrogate pair")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "options": { "\uD800": 1 } }] }""", "half of a surrogate pair")]
    [InlineData("""[]""", "the top: an object with the keys name, nodes, setup, cells, exclude is expected, not a list.")]
    [InlineData("""{}""", "the key 'cells' is missing")]
    [InlineData("""{ "cells": [] }""", "cells: the list is empty")]
    [InlineData("""{ "cells": [{ "policies": ["frozen"] }] }""", "one of the keys 'workloads' and 'networks' is needed.")]
    [InlineData("""{ "cells": [{ "workloads": ["resnet18-32px-fp23"], "policies": ["frozen"] }] }""", "cells[0].workloads: 'resnet18-32px-fp23' is unknown. Did you mean 'resnet18-32px-")]
    [InlineData("""{ "cells": [{ "workloads": ["resnet18-32px-fp32"], "networks": ["resnet50"], "policies": ["frozen"] }] }""", "leave out networks, or workloads.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen", "frozen"] }] }""", "cells[0].policies[1]: 'frozen' is there twice.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["all"] }] }""", "'all' is more than one")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen,fine-tune"] }] }""", "is more than one")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["--out"] }] }""", "'--out' is no value")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "repeats": 0 }] }""", "cells[0].repeats: it is 0; it must be a whole number from 1 to 99.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "repeats": 1.5 }] }""", "cells[0].repeats: it is 1.5")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "seeds": [1] }] }""", "cells[0].seeds: the program bench has none.")]
    [InlineData("""{ "cells": [{ "program": "acuracy", "policies": ["frozen"] }] }""", "'acuracy'. Did you mean 'accuracy'?")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "options": { "out": "x" } }] }""", "--out is the matrix's own: leave it out.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "options": { "batch-size": 3 } }] }""", "--batch-size is the matrix's own: use the key 'batch_sizes'.")]
    [InlineData("""{ "cells": [{ "program": "accuracy", "policies": ["frozen"], "options": { "data-dir": "x" } }] }""", "'x' is no whole path")]
    [InlineData("""{ "cells": [{ "program": "accuracy", "datasets": ["imagefolder:x"], "policies": ["frozen"] }] }""", "'imagefolder:x' is no whole path")]
    [InlineData("""{ "nodes": [{ "name": "A" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].name: it is 'A'")]
    [InlineData("""{ "nodes": [{ "name": "a" }, { "name": "a" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "two kinds are called 'a'.")]
    [InlineData("""{ "nodes": [{ "name": "h200" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "nodes": ["h20"] }] }""", "no kind of node is called 'h20'. Did you mean 'h200'?")]
    [InlineData("""{ "nodes": [{ "name": "a", "time_limit": "1h" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].time_limit: it is '1h'")]
    [InlineData("""{ "nodes": [{ "name": "a", "sbatch": ["--x=1\n#SBATCH --y"] }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].sbatch[0]")]
    [InlineData("""{ "nodes": [{ "name": "a", "sbatch": ["--comment='x"] }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].sbatch[0]")]
    [InlineData("""{ "nodes": [{ "name": "a", "sbatch": ["--array=1-2"] }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].sbatch[0]: --array is the matrix's own")]
    [InlineData("""{ "nodes": [{ "name": "a", "gres": "gpu:1 --wrap=x" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].gres: it is 'gpu:1 --wrap=x'; write it in one word")]
    [InlineData("""{ "nodes": [{ "name": "a", "partition": "a b" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].partition: it is 'a b'")]
    [InlineData("""{ "nodes": [{ "name": "a", "constraint": "a\\\"b" }], "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }] }""", "nodes[0].constraint: it is 'a\\\"b'")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }], "exclude": [{}] }""", "exclude[0]: it is empty")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }], "exclude": [{ "policy": "fine-tune" }] }""", "exclude[0] (policy fine-tune) fits no cell.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }], "exclude": [{ "network": "resnet18" }] }""", "excludes all of its cells.")]
    [InlineData("""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"] }, { "networks": ["resnet18"], "policies": ["frozen"] }] }""", "two blocks have the cell any-resnet18-frozen-1")]
    public void WhatIsWrong_IsSaidWithItsPlace(string text, string said) =>
        Assert.Contains(said, Assert.Throws<UserErrorException>(() => new MatrixFolder(text).Dispose()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("name: a\nname: b\n", "m.yaml, line 2, column 1: the key 'name' is there twice.")]
    [InlineData("a: &a [x, x]\nb: [*a, *a]\n", "line 1, column 4: anchors and aliases are not read")]
    [InlineData("cells: *a\n", "anchors and aliases are not read")]
    [InlineData("cells: !!str x\n", "the tag tag:yaml.org,2002:str is not read")]
    [InlineData("a: 1\n---\nb: 2\n", "a second document begins")]
    [InlineData("? [a, b]\n: c\n", "a key is not a plain word.")]
    [InlineData("cells: [\n", "line")]
    [InlineData("cels: []\n", "the key 'cels' is unknown. Did you mean 'cells'?")]
    [InlineData("", "not null.")]
    [InlineData("cells: [1", "m.yaml")]
    public void YamlThatCouldMeanSomethingElse_IsRefused(string text, string said) =>
        Assert.Contains(said, Assert.Throws<UserErrorException>(() => new MatrixFolder(text, "m.yaml").Dispose()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("m.json")]
    [InlineData("m.yaml")]
    public void ByteOrderMark_IsNoPartOfTheText(string name)
    {
        // JSON is YAML too.
        using var matrix = new MatrixFolder("\uFEFF" + MatrixFolder.Four, name);
        Assert.Equal(4, matrix.Cells.Count);
    }

    [Fact]
    public void HalfOfACharacterInYaml_IsRefused() =>
        Assert.Contains("m.yaml", Assert.Throws<UserErrorException>(() => new MatrixFolder("name: \"\\ud800\"\n", "m.yaml").Dispose()).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepYaml_IsRefused() => Assert.Contains("nested deeper", Assert.Throws<UserErrorException>(() => YamlText.Parse(new string('[', 1000), "m")).Message, StringComparison.Ordinal);

    [Fact]
    public void AllThatIsWrong_IsSaidAtOnce()
    {
        var message = Assert.Throws<UserErrorException>(() => new MatrixFolder("""{ "nam": 1, "cells": [{ "policies": [], "repeats": "x" }] }""").Dispose()).Message;
        Assert.Equal(4, message.Split('\n').Length);
    }

    [Fact]
    public void TooManyCells_AreRefused_BeforeTheyAreMade()
    {
        var many = string.Join(", ", Enumerable.Range(1, 2000));
        var message = Assert.Throws<UserErrorException>(() => new MatrixFolder($$"""{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen"], "resolutions": [{{many}}], "batch_sizes": [{{many}}] }] }""").Dispose()).Message;
        Assert.Contains("has 4,000,000 cells; 10,000 are the most.", message, StringComparison.Ordinal);
    }

    [GeneratedRegex("<!-- matrix:begin -->\n```json\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
