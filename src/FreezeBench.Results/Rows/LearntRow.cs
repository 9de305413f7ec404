using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>What every row of something that learnt says, whoever trained it: of what code, data, network and machine it is.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public abstract record LearntRow : ResultRow
{
    /// <summary>When the epoch, the run or the round ended, ISO 8601 in UTC.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>Commit of the code that measured.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit, the folder results and git-ignored files aside.</summary>
    public required bool? Dirty { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>SHA-256 of the images and labels used, so that runs on unlike copies can be told apart.</summary>
    public required string DataHash { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    public required string Backbone { get; init; }

    /// <summary>Initial weights: random, or a file's name; of ML.NET the package with network and weights, and its version: CNTK's ResNet-18, not torchvision's.</summary>
    public required string Weights { get; init; }

    /// <summary>Freezing policy, or probe-then-tune, which changes from one to another in mid-run; of ML.NET's own way frozen-cached.</summary>
    public required string Policy { get; init; }

    /// <summary>Outputs of the head.</summary>
    [Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Seed of head, shuffling and augmentation; of ML.NET's own.</summary>
    [Unit("1")]
    public required int Seed { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Device of the run: cpu or cuda:N.</summary>
    public required string Device { get; init; }

    /// <summary>Which machine of its environment it was: eight digits of a salted SHA-256 of the host's identity, on a GPU of the GPU's UUID. Equal in every run on the machine;
    /// in containers of one image, which may have one identity, on several machines too. unknown where nobody tells.</summary>
    public string Node { get; init; } = Unknown.Text;

    /// <summary>Cores that other programs kept busy during the epoch, its evaluation included, the run, of a resumed one since it was last taken up, or the round.</summary>
    [Unit("cores")]
    public double? OthersBusyCores { get; init; }
}
