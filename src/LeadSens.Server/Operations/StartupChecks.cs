using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

internal static class StartupChecks
{
    /// <summary>Asks every options type that validates on start, and prints all their faults at once. Called before anything is
    /// started, so that a bad setting never leaves a half-started process behind.</summary>
    public static bool ConfigurationIsValid(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception fault) when (fault is OptionsValidationException or AggregateException)
        {
            var faults = FaultsOf(fault).Distinct(StringComparer.Ordinal).ToList();
            Console.Error.WriteLine($"configuration_invalid: {faults.Count} setting(s) cannot be accepted in {app.Environment.EnvironmentName}");
            foreach (var text in faults) Console.Error.WriteLine($"  - {text}");
            return false;
        }
    }

    private static IEnumerable<string> FaultsOf(Exception fault) => fault switch
    {
        OptionsValidationException validation => validation.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(FaultsOf),
        _ => [fault.Message],
    };
}
