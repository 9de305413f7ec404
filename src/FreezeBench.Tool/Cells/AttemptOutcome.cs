using System.Text.Json.Serialization;

namespace FreezeBench.Tool.Cells;

/// <summary>How an attempt stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptOutcome>))]
internal enum AttemptOutcome
{
    /// <summary>Under way, or cut off without a word.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its rows are whole.</summary>
    [JsonStringEnumMemberName("finished")]
    Finished,

    /// <summary>The program ended with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Somebody ended it before its time.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,
}
