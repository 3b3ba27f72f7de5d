using System.Net;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Workflows.Http;

namespace Microsoft.Extensions.DependencyInjection;

internal static class WorkflowHttpRegistration
{
    /// <summary>What boxes need to speak HTTP.</summary>
    public static IServiceCollection AddWorkflowHttp(this IServiceCollection services)
    {
        services.AddOptions<OutgoingOptions>().BindConfiguration(OutgoingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync).AddSingleton<CheckedConnection>().AddSingleton<CallRetries>();
        return services.AddSingleton<IHttpCalls, HttpCalls>();
    }
}
