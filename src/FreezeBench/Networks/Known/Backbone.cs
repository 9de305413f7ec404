using FreezeBench.Networks.Residual;
using FreezeBench.Results;

namespace FreezeBench.Networks.Known;

/// <summary>The networks that can be measured: a closed list, each named once, as torchvision names it.</summary>
public sealed record Backbone
{
    /// <summary>ResNet-18: 512 features; 11,689,512 parameters with 1000 classes.</summary>
    public static readonly Backbone ResNet18 = new("resnet18", new(BlockKind.Basic, [2, 2, 2, 2]));

    /// <summary>ResNet-34: 512 features; 21,797,672 parameters with 1000 classes.</summary>
    public static readonly Backbone ResNet34 = new("resnet34", new(BlockKind.Basic, [3, 4, 6, 3]));

    /// <summary>ResNet-50: 2048 features; 25,557,032 parameters with 1000 classes.</summary>
    public static readonly Backbone ResNet50 = new("resnet50", new(BlockKind.Bottleneck, [3, 4, 6, 3]));

    /// <summary>All of them, smallest first.</summary>
    public static IReadOnlyList<Backbone> All { get; } = [ResNet18, ResNet34, ResNet50];

    /// <summary>The names, for --help, the parser and its message.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(backbone => backbone.Name));

    private Backbone(string name, ResNetShape shape) => (Name, Shape) = (name, shape);

    /// <summary>torchvision's name, for example <c>resnet18</c>: in options, rows and weight files.</summary>
    public string Name { get; }

    /// <summary>Block kind, block counts and width.</summary>
    public ResNetShape Shape { get; }

    /// <summary>Numbers that the backbone hands to the head for each image: 512 or 2048.</summary>
    public int FeatureCount => Shape.FeatureCount;

    /// <summary>Finds a backbone by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Backbone Parse(string name) => All.FirstOrDefault(backbone => backbone.Name == name)
        ?? throw new UserErrorException($"Unknown backbone '{name}'. Valid values: {ValidNames}.");

    /// <summary>A freshly initialised network of this shape, on the CPU, in train mode.</summary>
    /// <param name="classes">Classes of the head, 1 or more.</param>
    public ResNet Build(int classes) => new(Shape, classes);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
