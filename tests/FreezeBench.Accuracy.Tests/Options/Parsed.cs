using FreezeBench.Accuracy.Options;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Accuracy.Tests.Options;

/// <summary>Command lines without the program around them.</summary>
internal static class Parsed
{
    internal static DeviceChoice Cpu { get; } = new(DeviceType.CPU, 0, "as asked");

    internal static AccuracySettings Settings(params string[] arguments)
    {
        var options = new AccuracyOptions();
        return AccuracySettings.Resolve(options, options.Command.Parse(arguments), Cpu);
    }

    internal static IReadOnlyList<string> Conflicts(params string[] arguments)
    {
        var options = new AccuracyOptions();
        return [.. AccuracySettings.Conflicts(options, options.Command.Parse(arguments))];
    }

    /// <summary>With the preset that it names.</summary>
    internal static AccuracySettings Completed(params string[] arguments)
    {
        var options = new AccuracyOptions();
        var parsed = options.Command.Parse(arguments);
        return Settings(parsed.GetValue(options.Preset)!.Complete(arguments, parsed));
    }
}
