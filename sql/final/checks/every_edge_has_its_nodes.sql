-- An edge without its node makes graph programs refuse the file.
select edges.source, edges.target
from final_graph_edges as edges
left join final_graph_nodes as sources on edges.source = sources.node_id
left join final_graph_nodes as targets on edges.target = targets.node_id
where sources.node_id is null or targets.node_id is null
