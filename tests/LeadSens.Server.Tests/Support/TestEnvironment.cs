using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace LeadSens.Server.Tests.Support;

/// <summary>Tells code under test in which environment it runs.</summary>
internal sealed class TestEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;
    public string ApplicationName { get; set; } = "LeadSens";
    public string ContentRootPath { get; set; } = AppContext.BaseDirectory;
    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
