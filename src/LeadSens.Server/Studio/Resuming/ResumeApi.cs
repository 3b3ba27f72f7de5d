using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Resuming;

internal static class ResumeRegistration
{
    public static IServiceCollection AddStudioResuming(this IServiceCollection services)
    {
        services.AddSingleton<ResumeTokens>().AddSingleton<ResumeLinks>().AddSingleton<Workflows.Resuming>();
        services.AddSingleton<MakeEventLink>(provider => request => provider.GetRequiredService<ResumeLinks>().OfEvent(request));
        return services;
    }
}

/// <summary>How somebody outside a run lets it go on: by event, by task, by signed link.</summary>
internal static class ResumeApi
{
    public static void MapStudioResuming(this IEndpointRouteBuilder app)
    {
        var editors = app.MapStudioGroup().ForEditors();
        editors.MapPost("/events/{eventName}/trigger", TriggerEvent.HandleAsync).WaitsOutside();
        editors.MapPost("/tasks/{taskId}/complete", CompleteTask.HandleAsync).WaitsOutside();
        editors.MapPost("/bookmarks/{bookmarkId:guid}/link", ResumeLinks.OfBookmarkAsync);
        // Whoever has the link may use it; no account, no session.
        var anybody = app.MapGroup("").Needs(AccessRule.Anybody).DisableAntiforgery().Limited(RateRule.Links).ExcludeFromDescription();
        foreach (var path in (string[])[ResumeLinks.EventPath, ResumeLinks.BookmarkPath])
        {
            anybody.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], FollowLink.ShowAsync);
            anybody.MapPost(path, FollowLink.PostAsync).WaitsOutside();
        }
    }
}
