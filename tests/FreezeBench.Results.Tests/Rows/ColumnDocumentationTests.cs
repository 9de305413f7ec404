using System.Xml.Linq;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class ColumnDocumentationTests
{
    private static readonly (Type Row, IReadOnlyList<Column> Columns)[] files =
    [
        (typeof(BenchmarkRow), Column.Of<BenchmarkRow>()), (typeof(SampleRow), Column.Of<SampleRow>()), (typeof(AccuracyRow), Column.Of<AccuracyRow>()),
        (typeof(RunRow), Column.Of<RunRow>()), (typeof(RemarkRow), Column.Of<RemarkRow>()), (typeof(ClassRow), Column.Of<ClassRow>()),
        (typeof(MlNetRow), Column.Of<MlNetRow>()), (typeof(PerClassRow), Column.Of<PerClassRow>()),
    ];

    [Fact]
    public void CommittedFile_IsCurrent()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            folder = folder.Parent;
        Assert.SkipWhen(folder is null, "The tests do not run inside the repository.");
        var path = Path.Combine(folder!.FullName, "results", "COLUMNS.md");
        if (Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS") == "1")
            File.WriteAllText(path, ColumnDocumentation.Markdown());

        Assert.True(File.Exists(path) && File.ReadAllText(path) == ColumnDocumentation.Markdown(),
            "results/COLUMNS.md is stale: run the tests once with FREEZEBENCH_UPDATE_GOLDENS=1 and commit it.");
    }

    [Fact]
    public void EveryColumn_HasADescription_AndEveryNumberAUnit()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(BenchmarkRow).Assembly.Location, ".xml"));
        foreach (var column in files.SelectMany(file => file.Columns))
        {
            Assert.False(string.IsNullOrEmpty(ColumnDocumentation.Description(column, documentation)), column.Name);
            var type = Nullable.GetUnderlyingType(column.Property.PropertyType) ?? column.Property.PropertyType;
            if (type == typeof(int) || type == typeof(long) || type == typeof(double))
                Assert.NotEqual("text", column.Unit);
        }
    }

    [Theory]
    [InlineData("_ms", "ms")]
    [InlineData("_px", "px")]
    [InlineData("_bytes", "bytes")]
    [InlineData("_per_s", "images/s")]
    [InlineData("_fraction", "fraction")]
    [InlineData("_time_s", "s")]
    public void UnitInTheName_IsTheDocumentedOne(string suffix, string unit)
    {
        var columns = files.SelectMany(file => file.Columns).Where(column => column.Name.EndsWith(suffix, StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(columns);
        Assert.All(columns, column => Assert.Equal(unit, column.Unit));
    }

    [Fact]
    public void EveryPropertyOfARow_IsAColumn() =>
        Assert.All(files, file => Assert.Equal(
        file.Row.GetProperties().Where(property => property.GetMethod!.IsStatic == false).Select(property => property.Name).Order(StringComparer.Ordinal),
        file.Columns.Select(column => column.Property.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void Headers_NeverChangeSilently()
    {
        Assert.Equal("schema_version,run_id,environment_id,utc_time,commit,dirty,framework,suite,policy,phase,backbone,weights,dataset,classes,resolution_px,batch_size,images,precision,memory_format,threads,device,warm_up_count,operations_per_sample,sample_count,mean_ms,median_ms,standard_deviation_ms,min_ms,max_ms,iqr_ms,ci99_lower_ms,ci99_upper_ms,throughput_images_per_s,peak_memory_bytes,noise_verdict,throttled,asked_batch_size,cudnn_autotune,flops_utilisation,data_share_fraction,energy_j,energy_source,temperature_max_c,clock_min_mhz,throttle_reasons,kernels,trainable_parameters,total_parameters,trained_checkpoint_bytes,node,others_busy_cores,memory_source,clock_start_mhz,clock_end_mhz,bound_by,host_issue_ratio,device_time_ms\n", RowTable<BenchmarkRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,framework,suite,policy,phase,backbone,dataset,resolution_px,batch_size,precision,memory_format,sample_index,operations,value_ms,kernels\n", RowTable<SampleRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,utc_time,commit,dirty,dataset,data_hash,backbone,weights,weights_sha256,policy,classes,seed,epoch,epochs,resolution_px,batch_size,optimizer,learning_rate_head,learning_rate_backbone,momentum,weight_decay,precision,memory_format,threads,device,deterministic,train_loss,train_accuracy_fraction,train_correct,train_total,test_loss,test_accuracy_fraction,test_correct,test_total,train_time_s,evaluation_time_s,throughput_images_per_s,batch_norm_drift,policy_in_force,class_selection,schedule,base_learning_rate_head,base_learning_rate_backbone,label_smoothing,augmentation,feature_extraction_time_s,asked_batch_size,cudnn_autotune,data_share_fraction,feature_cache,energy_j,energy_source,kernels,node,others_busy_cores,head,shots,head_l2,test_top5_correct,test_top5_accuracy_fraction,test_balanced_accuracy_fraction,learning_rate_decay,unfreeze_every\n", RowTable<AccuracyRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,utc_time,commit,dirty,dataset,data_hash,backbone,weights,policy,class_selection,classes,seed,resolution_px,batch_size,device,deterministic,status,resumptions,epochs_done,epochs,train_time_s,evaluation_time_s,test_accuracy_fraction,target_accuracy_fraction,epochs_to_target,target_train_time_s,final_weights_sha256,precision,throttled,energy_j,energy_source,temperature_max_c,clock_min_mhz,throttle_reasons,kernels,trainable_parameters,total_parameters,trained_checkpoint_bytes,node,others_busy_cores,head,shots\n", RowTable<RunRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,policy,kernels,head,shots,seed,class_selection,epoch,label,class_name,train_images,test_images,test_correct\n", RowTable<PerClassRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,utc_time,remark,reason\n", RowTable<RemarkRow>.Header);
        Assert.Equal("schema_version,run_id,environment_id,utc_time,commit,dirty,dataset,data_hash,backbone,weights,policy,trainer,classes,seed,round,rounds,resolution_px,threads,device,train_total,test_total,feature_time_s,feature_images_per_s,network_images,network_time_s,network_images_per_s,train_time_s,evaluation_time_s,test_correct,test_accuracy_fraction,node,others_busy_cores\n", RowTable<MlNetRow>.Header);
    }
}
