using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>What the shapes of a plot stand for. Each has a colour in the page's style sheet, by mode; ScottPlot draws with
/// stand-in colours that only carry the number, and <see cref="SvgShapes"/> turns them into classes.</summary>
internal static class Palette
{
    /// <summary>A second sign beside the colour, for readers who do not see it.</summary>
    private static readonly MarkerShape[] markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.OpenSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleUp,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenTriangleUp, MarkerShape.OpenTriangleDown, MarkerShape.OpenDiamond, MarkerShape.OpenCircle,
        MarkerShape.Cross, MarkerShape.Asterisk, MarkerShape.OpenCircleWithDot, MarkerShape.TriUp, MarkerShape.TriDown, MarkerShape.HorizontalBar, MarkerShape.VerticalBar,
        // Policies of no family: the sign says so, whatever their colour.
        MarkerShape.OpenCircle, MarkerShape.OpenCircle, MarkerShape.OpenCircle,
    ];

    /// <summary>Lines of the grid.</summary>
    internal const int Grid = 20;

    /// <summary>Axes and bounds.</summary>
    internal const int Ink = 21;

    /// <summary>The line through the policies that no other beats.</summary>
    internal const int Frontier = 22;

    /// <summary>The first phase of a step; the others follow.</summary>
    internal const int FirstPhase = 30;

    /// <summary>Added to a number for a line of its colour.</summary>
    internal const int Lines = 64;

    /// <summary>Added to a number for bounds of its colour.</summary>
    internal const int Bounds = 128;

    /// <summary>Phases of a step in their order.</summary>
    private static readonly string[] phases = ["data", "zero_grad", "forward", "loss", "backward", "optimizer"];

    /// <summary>The number of a policy: its colour, whatever its kernels.</summary>
    internal static int Policy(PolicyName name) => KnownPolicies.Colour(name.Policy);

    /// <summary>The number of a phase; one that is not known takes the look of the first.</summary>
    internal static int Phase(string phase) => FirstPhase + Math.Max(Array.IndexOf(phases, phase), 0);

    /// <summary>The sign of a policy; plain kernels have one of their own, in the policy's colour.</summary>
    internal static MarkerShape Marker(PolicyName name) => name.Kernels == KernelKind.Plain ? MarkerShape.Eks : markers[Policy(name)];

    /// <summary>The stand-in colour of a number; red is 1, so that ScottPlot's own colours are not taken for one.</summary>
    internal static Color StandIn(int number) => new(1, 0, (byte)number);

    /// <summary>The number that a colour stands for, as SVG writes colours; null for any other.</summary>
    internal static int? Number(string colour) =>
        colour.Length == 7 && colour.StartsWith("#0100", StringComparison.Ordinal) ? Convert.ToInt32(colour[5..], 16) : null;
}
