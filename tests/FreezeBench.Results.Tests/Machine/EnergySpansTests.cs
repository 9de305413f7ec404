using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class EnergySpansTests
{
    private readonly ManualTime time = new();
    private readonly Gauge gauge = new();

    [Fact]
    public void Spans_AreAddedUp_WithoutWhatLiesBetween()
    {
        var spans = new EnergySpans(gauge, time);
        gauge.Joules = 100;
        Span(spans, 3, seconds: 1);
        gauge.Joules += 1000;
        Span(spans, 4, seconds: 1);

        Assert.Equal((7, "rapl"), (spans.Joules, spans.Source));
    }

    [Theory]
    [InlineData(0.25, true)]
    [InlineData(0.24, false)]
    public void Spans_ThatAreTooShortTogether_AreUnknown(double seconds, bool known)
    {
        var spans = new EnergySpans(gauge, time);
        Span(spans, 3, seconds);
        Span(spans, 4, seconds);

        Assert.Equal(known ? (7.0, "rapl") : (null, "unknown"), (spans.Joules, spans.Source));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void ReadingThatFails_LeavesTheSumUnknown(int reading)
    {
        gauge.FailsAt = reading;
        var spans = new EnergySpans(gauge, time);
        Span(spans, 3, seconds: 1);
        Span(spans, 4, seconds: 1);

        Assert.Equal((null, "unknown"), (spans.Joules, spans.Source));
    }

    [Fact]
    public void CounterThatStandsStill_TellsNothing()
    {
        var spans = new EnergySpans(gauge, time);
        Span(spans, 0, seconds: 60);

        Assert.Null(spans.Joules);
    }

    [Fact]
    public void NoMeter_NoEnergy()
    {
        var spans = new EnergySpans(null, time);
        Span(spans, 1, seconds: 60);

        Assert.Equal((null, "unknown"), (spans.Joules, spans.Source));
    }

    [Fact]
    public void SpanThatHasNotEnded_LeavesTheSumUnknown()
    {
        var spans = new EnergySpans(gauge, time);
        Span(spans, 3, seconds: 60);
        spans.Begin();

        Assert.Null(spans.Joules);
    }

    private void Span(EnergySpans spans, double joules, double seconds)
    {
        spans.Begin();
        gauge.Joules += joules;
        time.Advance(seconds);
        spans.End();
    }

    private sealed class Gauge : EnergyMeter
    {
        private int readings;

        internal double Joules { get; set; }

        internal int FailsAt { get; set; }

        public override string Source => Rapl;

        public override TimeSpan ShortestSpan => TimeSpan.FromSeconds(0.5);

        protected override double? Read() => ++readings == FailsAt ? null : Joules;
    }
}
