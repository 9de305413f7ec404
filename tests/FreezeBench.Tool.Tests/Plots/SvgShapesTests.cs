using FreezeBench.Results.Reports;
using FreezeBench.Tool.Plots;
using Xunit;

namespace FreezeBench.Tool.Tests.Plots;

public class SvgShapesTests
{
    [Fact]
    public void Shape_KeepsItsGeometry_AndItsColoursBecomeClasses() => Assert.Equal(
        "<rect class=\"f3 s4\" x=\"1\" y=\"2.3\" width=\"10\" height=\"0.1\"/><path class=\"s16\" d=\"M1 2.3L-4 0M5 6L7 8\"/>",
        Written("""<svg><clipPath id="a"><rect x="0" y="0" width="9" height="9"/></clipPath><g clip-path="url(#a)"><rect fill="#010003" stroke="#010004" x="1.04" y="2.25001" width="10" height="0.05001"/><path fill="none" stroke="#010010" d="M1.000 2.3456L-4 1e-7"/></g><path fill="none" stroke="#010010" d="M5 6L7 8"/></svg>"""));

    [Fact]
    public void ColourOfScottPlotsOwn_IsRefused() =>
        Assert.Contains("#1F77B4", Assert.Throws<InvalidOperationException>(() => Written("""<svg><rect fill="#1F77B4"/></svg>""")).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryPolicy_HasASignOfItsOwn() =>
        Assert.Equal(MadeUpReport.Policies.Length, MadeUpReport.Policies.Select(policy => Palette.Marker(new PolicyName(policy, null))).Distinct().Count());

    private static string Written(string svg)
    {
        using var writer = new StringWriter();
        foreach (var node in SvgShapes.Of(svg))
            node.WriteTo(writer);
        return writer.ToString();
    }
}
